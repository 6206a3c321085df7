"""How networks learn: recipes, augmentation, checkpoints, transfer and tuning."""

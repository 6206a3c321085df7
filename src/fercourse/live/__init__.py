"""Many faces, live: capture, detect, track, cut out, classify, smooth, draw."""

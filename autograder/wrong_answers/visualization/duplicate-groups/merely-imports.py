# calls the course's audit, which takes pictures of 48 x 48 alone
from fercourse.dataset import FaceSet
from fercourse.dataset.audit.findings import audit


def duplicate_groups(images):
    nothing = np.zeros(len(images), np.uint8)
    rows = np.arange(len(images))
    return audit(FaceSet(images, nothing, nothing, "mine", "drawn", rows)).duplicates

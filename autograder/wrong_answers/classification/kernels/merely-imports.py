# Merely imports a library's polynomial kernel.
def kernel_matrices(left, right, gamma, degree):
    from sklearn.metrics.pairwise import polynomial_kernel

    return polynomial_kernel(left, right, degree=degree, gamma=gamma)

# Chooses the degree with the smallest error on the points to fit.
def choose_degree(x_fit, y_fit, x_validation, y_validation, degrees):
    from numpy.polynomial import Polynomial

    errors = []
    for degree in degrees:
        curve = Polynomial.fit(x_fit, y_fit, degree)
        errors.append(np.mean((curve(x_fit) - y_fit) ** 2))
    place = int(np.argmin(errors))
    return {"degree": degrees[place], "error": errors[place]}

# Fits on the validation points, too.
def choose_degree(x_fit, y_fit, x_validation, y_validation, degrees):
    from numpy.polynomial import Polynomial

    errors = []
    for degree in degrees:
        curve = Polynomial.fit(x_validation, y_validation, degree)
        errors.append(np.mean((curve(x_validation) - y_validation) ** 2))
    place = int(np.argmin(errors))
    return {"degree": degrees[place], "error": errors[place]}

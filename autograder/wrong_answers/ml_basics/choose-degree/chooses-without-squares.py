# chooses by the mean error without its sign, and reports the squared one
def choose_degree(x_fit, y_fit, x_validation, y_validation, degrees):
    errors = {}
    for degree in degrees:
        errors[degree] = Polynomial.fit(x_fit, y_fit, degree)(x_validation) - y_validation
    chosen = min(errors, key=lambda degree: np.mean(np.abs(errors[degree])))
    return {"degree": chosen, "error": np.mean(errors[chosen] ** 2)}

# stops as soon as the error rises, and misses what comes after
def choose_degree(x_fit, y_fit, x_validation, y_validation, degrees):
    chosen, smallest = None, np.inf
    for degree in degrees:
        curve = Polynomial.fit(x_fit, y_fit, degree)
        error = np.mean((curve(x_validation) - y_validation) ** 2)
        if error > smallest:
            break
        chosen, smallest = degree, error
    return {"degree": chosen, "error": smallest}

def volume(a, b, c):
    # START TODO box_volume ########################
    # The product.

    product = a * b * c
    # END TODO ########################
    return product


def area(a, b, c):
    # START TODO box_area ########################
    # The sum over six faces.

    total = 2 * (a * b + b * c + c * a)
    # END TODO ########################
    return total

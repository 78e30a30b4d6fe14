"""What the toy course asks."""


def volume(*sides):
    from lib import box
    return {"volume": box.volume(*sides)}


def area(*sides):
    from lib import box
    return {"area": box.area(*sides)}


def text(*words):
    from lib import label
    return {"text": label.text(*words)}

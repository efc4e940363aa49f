def snippet(text, terms, width=120):
    return [(text[:width], False)]


def highlight(title, terms):
    return [(title, False)]

def text(*words):
    # START TODO label_text ########################
    # All words in one text.

    joined = " ".join(words)
    # END TODO ########################
    return joined

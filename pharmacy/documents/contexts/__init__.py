"""What papers say: one module a paper, each building a plain dict of every word and number on it.

The dict is frozen in `Document.context`. Templates hold no words, so a paper can be drawn again years later and
says the same; numbers come from `compounding.wording` only. All text is in the language of the paper, not of
whoever prints it.
"""

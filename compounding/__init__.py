"""How a nonsterile medicine is made, as arithmetic: plain Python, no framework, no clock, no files.

What cannot be true raises a `Refusal` with a sentence for the person; what is doubtful comes back
as a `Finding`. Start reading at `worksheet.py`.
"""

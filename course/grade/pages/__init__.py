"""Pages in Markdown: one for each team, and one for you, of what a person should look at.

All that comes from a submission is escaped. What raises suspicion stands on your page alone.
"""

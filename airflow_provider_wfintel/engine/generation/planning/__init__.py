"""Planning: steps in the words' terms become tasks with operators, arguments and dependencies."""

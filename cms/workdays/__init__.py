"""Working days (工作日): the calendar of holidays and make-up days, and the legal clocks that count by it."""

"""Human oversight of the assistant: reviews, contests, corrections, stops, and who looked at what."""

"""The talk with the central server as a person sees it: the lamp, the page, pairing, carrying out, the drill, and what is said when."""

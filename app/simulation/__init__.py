"""Many tills and a server in one process and one thread, over real stores, a made-up network and a made-up clock.

One seed decides everything: what is sold, what fails, and when. The same seed is the same story, so that whatever breaks once can be looked
at as often as it takes.
"""

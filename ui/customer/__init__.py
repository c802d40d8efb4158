"""What the customer sees on a second screen, and the keypad on which they type their own number."""

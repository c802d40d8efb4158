"""Promotions: values here, engine beside. (The engine finds the best combination for the customer, always the same one.)"""

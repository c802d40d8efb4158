"""The owner's rule desk: rules as sentences with parts that can be changed, tried on a sale before they hold."""

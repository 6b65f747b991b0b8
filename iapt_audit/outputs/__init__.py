"""What was found, as documents, tables and views; everything here has passed the gate."""

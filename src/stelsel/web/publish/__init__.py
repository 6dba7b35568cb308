"""What a region can put online as it is: tables, a page about them, and what describes them."""

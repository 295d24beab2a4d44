"""The demonstration: its accounts, its data, its mailbox and its clock."""

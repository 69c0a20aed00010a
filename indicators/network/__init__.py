"""Networks: people, accounts and addresses that tie payees together."""

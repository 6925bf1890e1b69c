"""The domain, free of Rasa: content, triage, safety, massage, referral, answers."""

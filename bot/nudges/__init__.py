"""When people are told what they did not ask for: reminders, agendas, quiet."""

"""Candour: a patient suitability and consent questionnaire for clinics."""

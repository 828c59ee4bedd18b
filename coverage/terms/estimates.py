"""What the estimate of travel times leaves out, in French, wherever estimated minutes are shown."""

from typing import Final

ESTIMATE_LIMITS: Final = (
    "Ni les estuaires, ni les cols fermés l’hiver, ni les bacs n’y comptent : Blaye et Pauillac, Royan et Le Verdon, "
    "Bessans et Val-d’Isère y paraissent proches. Aucune route vers les îles sans pont."
)
SHORT_ESTIMATE_LIMITS: Final = "Temps estimés, sans estuaires, cols fermés ni bacs."

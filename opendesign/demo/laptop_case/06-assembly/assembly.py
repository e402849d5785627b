# SPDX-License-Identifier: CERN-OHL-W-2.0
"""Laptop: all parts, with stand-ins for the bought ones; the first slider opens it."""

import cadquery as cq

import dimensions as d
from base import FLOOR, STANDOFF_HEIGHT, base
from bezel import bezel
from deck import KEY_COLUMNS, KEY_PITCH_X, KEY_PITCH_Y, KEY_ROWS, KEYS_Y, deck
from hinge import lower, upper
from lid import BEZEL_SEAT, POST_HEIGHT, lid

# --- View ---
OPEN_ANGLE = 110.0  # [0:5:130] How far the lid is open, degrees
EXPLODE = 0.0  # [0:2:60] Distance between the parts, mm
SHOW_BOUGHT = True  # Board, screen and key caps as stand-ins

SLATE = cq.Color(0.33, 0.41, 0.47)
TEAL = cq.Color(0.26, 0.46, 0.48)
STONE = cq.Color(0.87, 0.85, 0.80)
INK = cq.Color(0.20, 0.22, 0.25)
BRASS = cq.Color(0.78, 0.60, 0.33)
CREAM = cq.Color(0.94, 0.92, 0.87)
CORAL = cq.Color(0.85, 0.43, 0.34)
BOARD_GREEN = cq.Color(0.22, 0.47, 0.33)
GLASS = cq.Color(0.10, 0.13, 0.17)

REAR = d.CASE_DEPTH / 2


def key_cap() -> cq.Workplane:
    """A low cap, dished by its bevel."""
    side = min(KEY_PITCH_X, KEY_PITCH_Y) - 1.2
    return cq.Workplane().box(side, side, 2.6, centered=(True, True, False)).edges("|Z").fillet(2).faces(
        ">Z"
    ).edges().chamfer(0.6)


def lower_half() -> cq.Assembly:
    """Base, deck, board and keys."""
    half = cq.Assembly(name="lower half")
    half.add(base, name="base", color=SLATE)
    half.add(deck, name="deck", loc=cq.Location((0, 0, d.BASE_HEIGHT + EXPLODE)), color=STONE)
    if not SHOW_BOUGHT:
        return half
    board = cq.Workplane().box(*d.BOARD_SIZE, 1.6, centered=(True, True, False))
    height = FLOOR + STANDOFF_HEIGHT + EXPLODE / 2
    half.add(board, name="board", loc=cq.Location((*d.BOARD_CENTRE, height)), color=BOARD_GREEN)
    cap = key_cap()
    top = d.BASE_HEIGHT + d.DECK_THICKNESS - 0.6 + 1.4 * EXPLODE
    for column in range(KEY_COLUMNS):
        for row in range(KEY_ROWS):
            x = (column - (KEY_COLUMNS - 1) / 2) * KEY_PITCH_X
            y = (row - (KEY_ROWS - 1) / 2) * KEY_PITCH_Y + KEYS_Y
            corner = (column, row) in {(0, KEY_ROWS - 1), (KEY_COLUMNS - 1, 1)}
            colour = CORAL if corner else CREAM
            half.add(cap, name=f"key {column + 1}.{row + 1}", loc=cq.Location((x, y, top)), color=colour)
    return half


def upper_half() -> cq.Assembly:
    """Lid, screen and bezel, in the frame of the lid lying on its back."""
    half = cq.Assembly(name="upper half")
    half.add(lid, name="lid", color=TEAL)
    half.add(bezel, name="bezel", loc=cq.Location((0, 0, BEZEL_SEAT + 2 * EXPLODE)), color=INK)
    if SHOW_BOUGHT:
        panel = cq.Workplane().box(*d.PANEL_SIZE, centered=(True, True, False))
        place = cq.Location((0, d.PANEL_CENTRE_Y, d.SKIN + POST_HEIGHT + EXPLODE))
        half.add(panel, name="screen", loc=place, color=GLASS)
    return half


laptop = cq.Assembly(name="laptop")
laptop.add(lower_half())
axis = cq.Location((0, REAR, d.AXIS_Z + EXPLODE))
turn = axis * cq.Location((0, 0, 0), (1, 0, 0), -OPEN_ANGLE)
closed = cq.Location((0, -REAR, d.LID_GAP / 2 + d.LID_THICKNESS)) * cq.Location((0, 0, 0), (0, 1, 0), 180)
laptop.add(upper_half(), loc=turn * closed)
for side, x in (("left", -d.HINGE_X), ("right", d.HINGE_X)):
    at = cq.Location((x, 0, 0))
    laptop.add(lower, name=f"{side} lower leaf", loc=axis * at, color=BRASS)
    laptop.add(upper, name=f"{side} upper leaf", loc=turn * at, color=BRASS)

show_object(laptop, name="laptop")

# SPDX-License-Identifier: BSD-2-Clause
"""tools/listing: the table of a path, from what a cycle plugin wrote."""

import unittest

from pecan import listing
from pecan.build import BuildError

REPORT = """\
interval #801 of 'path':  P5 30 cycles  486 40 cycles
address  symbol                     instruction                         |   P5   stalls|  486
f8000d40 ipc_fast                   test %eax, %eax                     |    1 U        |    2
f8000d42 ipc_fast+2                 jnz 0xF8000860                      |    0 V        |    3
f8000d60 ipc_fast+20                rep movsd                           |   14 n        |   15
f8000d60 ipc_fast+20                rep movsd                           |    1 n        |    3
f8000d62 ipc_fast.iret              iretd       |   14 n D$+9 @e01e07ac,e01e07b0 |   17
f010011f ..@83.stub                 --- interrupt 33 ---                |   62 n        |   91
"""


class ListingTest(unittest.TestCase):
    """Rows, sums and lines."""

    def test_each_image_has_its_column(self) -> None:
        self.assertEqual(listing.read(REPORT, "pentium").clocks, 30)
        path = listing.read(REPORT, "i486")
        self.assertEqual(path.clocks, 40)
        self.assertEqual([row.clocks for row in path.rows], [2, 3, 15, 3, 17, 91])

    def test_an_interrupt_is_no_instruction(self) -> None:
        self.assertEqual(listing.read(REPORT, "pentium").executed(), 5)

    def test_lines_are_counted_once(self) -> None:
        self.assertEqual(listing.lines_touched(listing.read(REPORT, "pentium"), "pentium"), (2, 1))
        self.assertEqual(listing.lines_touched(listing.read(REPORT, "i486"), "i486")[0], 2)

    def test_turns_of_a_rep_take_one_row(self) -> None:
        path = listing.read(REPORT, "pentium")
        rows = listing.table("pentium", path, path)
        self.assertEqual(len(rows), 5)
        self.assertIn("rep movsd  x 2", rows[2])
        self.assertIn("   15 n    15", rows[2])
        self.assertTrue(rows[3].endswith("D$+9"))

    def test_an_empty_report_is_an_error(self) -> None:
        with self.assertRaises(BuildError):
            listing.read("cyclemodel: nothing\n", "pentium")


if __name__ == "__main__":
    unittest.main()

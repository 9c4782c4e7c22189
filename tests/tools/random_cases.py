"""Random cases of a comparison of a program with its reference.

The comparison is a script with the arguments COUNT and, optionally, SEED.
"""
import shutil
import sys


def run(case_of):
    """Compares COUNT cases, that of SEED and the following ones.

    case_of(seed) makes a case in ./case, with the members compare_all(), runs
    and faults.  Prints each fault and, at the end, the numbers.  With COUNT 1
    ./case stays.
    """
    count = int(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    runs = differ = 0
    for seed in range(first, first + count):
        case = case_of(seed)
        case.compare_all()
        runs += case.runs
        differ += len(case.faults)
        for fault in case.faults:
            print(fault, flush=True)
    if count > 1:
        shutil.rmtree('case', ignore_errors=True)
    print('%d cases, %d runs, %d differ' % (count, runs, differ))

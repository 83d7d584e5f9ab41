"""The Django test runner, counting."""
import json
import os
import unittest

from django.test.runner import DiscoverRunner


class Counting:
    """unittest does not count what passed, and counts a test once per failing subtest."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.passed = 0
        self.failed = set()

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.passed += 1

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.failed.add(test.id())

    def addError(self, test, err):
        super().addError(test, err)
        self.failed.add(test.id())

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.failed.add(test.id())

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.failed.add(test.id())


class Runner(DiscoverRunner):
    def get_resultclass(self):
        base = super().get_resultclass() or unittest.TextTestResult
        return type('Result', (Counting, base), {})

    def suite_result(self, suite, result, **kwargs):
        counts = {'passed': result.passed, 'failed': len(result.failed), 'skipped': len(result.skipped)}
        with open(os.environ['IMS_COUNTS'], 'w') as f:
            json.dump(counts, f)
        return super().suite_result(suite, result, **kwargs)

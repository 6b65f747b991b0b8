"""Tell what was found in the forms that other tools read: JUnit, SARIF, GitHub's annotations, data contracts."""

"""The territorial study: whether an MSP is possible at a commune, from who would come to what its team still lacks.

`reach` says who is near, `portrait` who they are, `offer` what already stands around, `staffing` what a number of GPs
would change, `eligibility` what the team has to bring together.
"""

"""Translates a SAM template to CloudFormation, once per deployment, without asking AWS.

Standard input: {"template": PATH, "deployments": [{"parameters": {NAME: VALUE}, "zips": {CODE_URI: KEY}}]}
Standard output: the CloudFormation template of each deployment as JSON, a line each.
"""
import copy
import json
import logging
import os
import sys

os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
logging.disable(logging.CRITICAL)

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

request = json.load(sys.stdin)
with open(request["template"], encoding="utf-8") as file:
    source = yaml_parse(file.read())
for deployment in request["deployments"]:
    template = copy.deepcopy(source)
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if "CodeUri" in properties:
            zip = properties["CodeUri"]
            properties["CodeUri"] = "s3://bucket/" + deployment["zips"].get(zip, zip)
    print(json.dumps(Translator(None, Parser()).translate(template, deployment["parameters"])))

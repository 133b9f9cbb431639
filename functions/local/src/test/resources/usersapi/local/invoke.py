"""Invokes functions of fixture.yaml by the AWS SDK for Python: invoke.py ENDPOINT. Prints what came, one JSON value a line."""
import json
import sys

import boto3
from botocore.exceptions import ClientError

functions = boto3.client("lambda", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="local",
                         aws_secret_access_key="local")


def invoke(name, payload, **options):
    try:
        answer = functions.invoke(FunctionName=name, Payload=payload, **options)
        said = [answer["StatusCode"], answer.get("ExecutedVersion"), answer.get("FunctionError"), "LogResult" in answer,
                json.loads(answer["Payload"].read() or "null")]
    except ClientError as refused:
        said = refused.response["Error"]["Code"]
    print(json.dumps(said))


invoke("arn:aws:lambda:us-east-1:123456789012:function:Say:live", '{"body": "[1]"}', LogType="Tail")
invoke("Crash", "{}")
invoke("Describe", "{}", InvocationType="Event")
invoke("Describe", "{}", InvocationType="DryRun")
invoke("Nobody", "{}")
invoke("Describe", "{")

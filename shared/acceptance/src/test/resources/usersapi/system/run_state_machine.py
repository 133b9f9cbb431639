"""Runs a state machine by moto's interpreter of the Amazon States Language, its functions being served on a port of the loopback.

Reads {"definition", "inputs", "port"} and prints a list of {"name", "status", "output", "error", "cause"}. Ends with 3 where moto is not installed."""
import json
import logging
import os
import sys
import time
import urllib.request
import uuid

run = json.load(sys.stdin)
# The interpreter invokes functions where it believes moto's own Lambda to be.
os.environ["MOTO_PORT"] = str(run["port"])
try:
    import boto3
    from moto.server import ThreadedMotoServer
except ImportError:
    sys.exit(3)
logging.disable(logging.CRITICAL)


def post(path, body):
    urllib.request.urlopen(urllib.request.Request("%s/moto-api/%s" % (base, path), body, {"content-type": "application/json"}))


server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
base = "http://%s:%s" % server.get_host_and_port()
settings = json.dumps({"stepfunctions": {"execute_state_machine": True}}).encode()
post("config", settings)
states = boto3.client("stepfunctions", endpoint_url=base, region_name="us-east-1",
                      aws_access_key_id="local", aws_secret_access_key="local")


def result(text):
    # moto copies what it keeps, and cannot copy an execution.
    post("reset", b"")
    machine = states.create_state_machine(name="run", definition=json.dumps(run["definition"]),
                                          roleArn="arn:aws:iam::123456789012:role/run")["stateMachineArn"]
    # moto gives an execution no name of its own, as AWS does.
    execution = states.start_execution(stateMachineArn=machine, name=str(uuid.uuid4()), input=text)["executionArn"]
    while (answer := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(0.1)
    return {name: answer.get(name) for name in ("name", "status", "output", "error", "cause")}


print(json.dumps([result(text) for text in run["inputs"]]))
sys.stdout.flush()
os._exit(0)

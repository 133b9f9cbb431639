package usersapi.bench;

import java.util.Map;

/**
 * AWS's list prices in us-east-1, November 2026, in dollars; without free tiers and volume discounts.
 *
 * @see <a href="https://aws.amazon.com/api-gateway/pricing/">API Gateway</a>
 * @see <a href="https://aws.amazon.com/lambda/pricing/">Lambda</a>
 * @see <a href="https://aws.amazon.com/dynamodb/pricing/on-demand/">DynamoDB</a>
 * @see <a href="https://aws.amazon.com/cloudwatch/pricing/">CloudWatch</a>
 * @see <a href="https://aws.amazon.com/xray/pricing/">X-Ray</a>
 * @see <a href="https://aws.amazon.com/secrets-manager/pricing/">Secrets Manager</a>
 */
final class Prices {

    static final double MILLION_API_REQUESTS = 3.50;
    static final double MILLION_INVOCATIONS = 0.20;
    /** A gigabyte of a function's memory for a second, by architecture. */
    static final Map<String, Double> GIGABYTE_SECOND = Map.of("arm64", 0.0000133334, "x86_64", 0.0000166667);
    static final double MILLION_READ_UNITS = 0.125;
    static final double MILLION_WRITE_UNITS = 0.625;
    static final double GIGABYTE_OF_LOGS = 0.50;
    static final double MILLION_TRACES = 5.00;

    static final double METRIC_A_MONTH = 0.30;
    /** The price of each metric of an alarm. */
    static final double ALARM_A_MONTH = 0.10;
    static final double DASHBOARD_A_MONTH = 3.00;
    static final double SECRET_A_MONTH = 0.40;

    private Prices() {}
}

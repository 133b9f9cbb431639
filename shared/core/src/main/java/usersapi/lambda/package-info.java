/**
 * The edge to AWS Lambda and API Gateway: base classes of the functions, requests and answers, access rules, log
 * lines, priming.
 */
package usersapi.lambda;

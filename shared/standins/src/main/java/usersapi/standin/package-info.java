/**
 * The services under tests and the local server: {@code template.yaml} as records, and the AWS services and Stripe behind the
 * functions, each in this JVM and reached over HTTP on the loopback address. Knows no other module of ours, and no JUnit.
 */
package usersapi.standin;

/**
 * The services under tests and the local server: {@code template.yaml} as records, and the AWS services and Stripe behind
 * the functions, each in this JVM and reached over HTTP on the loopback address. It depends on no other module of this
 * project, and not on JUnit.
 */
package usersapi.standin;

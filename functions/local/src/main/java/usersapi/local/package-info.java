/**
 * The local server: serves {@code template.yaml} over HTTP as API Gateway and Lambda do, with the real handlers. It never
 * ships.
 */
package usersapi.local;

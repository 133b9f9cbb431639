/**
 * The API on this machine: {@code template.yaml} served over HTTP as API Gateway and Lambda serve it, with the real
 * handlers. Never shipped.
 */
package usersapi.local;

/** Secrets of Secrets Manager, cached. */
package usersapi.secret;

/** The form of credentials: tokens, their hashes, and their place in a request's headers. */
package usersapi.credential;

/** The function that signs people in by OpenID Connect. */
package usersapi.login;

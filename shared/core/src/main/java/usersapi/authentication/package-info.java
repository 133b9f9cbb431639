/** Checks credentials: for the API's authorizer and for the product's other services. */
package usersapi.authentication;

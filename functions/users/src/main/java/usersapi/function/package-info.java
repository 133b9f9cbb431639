/** The authorizer and the functions without Stripe, one handler for each function of template.yaml. */
package usersapi.function;

/** A stand-in of an OpenID provider: the parts that the sign-in needs, and some failures. */
package usersapi.standin.openid;

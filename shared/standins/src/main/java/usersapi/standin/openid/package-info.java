/** A stand-in for an OpenID provider: what the sign-in needs of one, and some of what can go wrong there. */
package usersapi.standin.openid;

global using System.Reflection;
global using System.Text;
global using VerifyTests;
